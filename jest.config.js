import { existsSync, readdirSync } from 'node:fs';

// One jest project per library and service, and one for infra, all run from source. `jest --selectProjects
// nlu` runs one.
const folders = ['libs', 'services'].flatMap((area) => readdirSync(area).map((name) => ({ area, name })));
const root = import.meta.dirname;
const names = folders.map(({ name }) => name).join('|');

const project = ({ area, name }) => ({
  displayName: name,
  rootDir: `<rootDir>/${area}/${name}`,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: {
    '^@frontdesk/contracts/(.+)$': `${root}/libs/contracts/src/gen/frontdesk/$1_pb.ts`,
    '^@frontdesk/testing/(.+)$': `${root}/libs/testing/src/$1.ts`,
    [`^@frontdesk/(${names})$`]: [`${root}/libs/$1/src/index.ts`, `${root}/services/$1/src/index.ts`],
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
});

const infra = { ...project({ area: '.', name: 'infra' }), testMatch: ['<rootDir>/**/*.spec.ts'] };

export default {
  projects: [...folders.filter(({ area, name }) => existsSync(`${area}/${name}/src`)).map(project), infra],
  testTimeout: 60_000,
};
