import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import typescript from '@typescript-eslint/eslint-plugin';

// The boundary rule reads this graph from Nx's cache, and lets everything pass where there is none.
await createProjectGraphAsync();

const SOURCES = ['libs/*/src/**/*.ts', 'services/*/src/**/*.ts'];
const TESTS = ['**/*.{spec,bench,contract}.ts', '**/test/**', 'libs/testing/**'];

/** Which projects a project may import, by the tags in their project.json. */
const MAY_IMPORT = {
  'lib:contracts': [],
  'lib:core': [],
  'lib:store': ['lib:core'],
  'lib:rpc': ['lib:core', 'lib:contracts', 'lib:store'],
  'lib:events': ['lib:core', 'lib:contracts', 'lib:store'],
  'lib:onnx': ['lib:core', 'lib:contracts', 'lib:store'],
  'lib:runtime': ['lib:*'],
  'lib:testing': ['lib:*'],
  service: ['lib:*'],
  web: [],
  all: ['lib:*', 'service'],
};

const boundaries = (options) => [
  'error',
  {
    ...options,
    // A library's tests use libs/testing, which uses the library.
    ignoredCircularDependencies: [['testing', '*']],
    depConstraints: Object.entries(MAY_IMPORT).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
      sourceTag,
      onlyDependOnLibsWithTags,
    })),
  },
];

/** Each client of something outside has one library which wraps it; the others import that library. */
const OWNED = [
  { lib: 'libs/events', packages: '^kafkajs$' },
  { lib: 'libs/store', packages: '^(ioredis|pg|@electric-sql/.+)$' },
  { lib: 'libs/onnx', packages: '^(onnxruntime-.+|@huggingface/.+)$' },
  { lib: 'libs/rpc', packages: '^@grpc/' },
  { lib: 'libs/runtime', packages: '^(prom-client|@opentelemetry/(?!api$).+)$' },
];

const importsOwnedBy = (lib) => [
  'error',
  {
    patterns: [
      ...OWNED.filter((owned) => owned.lib !== lib).map((owned) => ({
        regex: owned.packages,
        message: `Only ${owned.lib} talks to it: use what that library offers.`,
      })),
      { regex: '^@frontdesk/testing(/|$)', message: 'Only tests use it.' },
    ],
    paths: [
      {
        name: 'node:process',
        importNames: ['env'],
        message: 'Only the config of libs/runtime reads the environment.',
      },
    ],
  },
];

export default [
  {
    ignores: [
      '**/dist/',
      'libs/contracts/src/gen/',
      '.demo/',
      '.node/',
      '.nx/',
      '.servers/',
      'coverage/',
      'charts/',
    ],
  },
  ...typescript.configs['flat/recommended'],
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.test.json', 'infra/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries({}),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
        { selector: 'ExportDefaultDeclaration', message: 'Give the export a name.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    // Nx lets nobody import an application, but `all` is made of them; a test may use what it tests with, infra too.
    files: ['services/all/**/*.ts', ...TESTS],
    rules: { '@nx/enforce-module-boundaries': boundaries({ allow: ['@frontdesk/**', '/infra/'] }) },
  },
  {
    files: SOURCES,
    ignores: TESTS,
    rules: {
      'no-restricted-imports': importsOwnedBy(undefined),
      'max-lines': ['error', 300],
    },
  },
  ...OWNED.map(({ lib }) => ({
    files: [`${lib}/src/**/*.ts`],
    ignores: TESTS,
    rules: { 'no-restricted-imports': importsOwnedBy(lib) },
  })),
  {
    files: SOURCES,
    ignores: [...TESTS, 'libs/runtime/src/*config*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Declare it in the config schema: libs/runtime reads the environment.',
        },
      ],
    },
  },
  {
    // The domain folders of a service: everything but the edges.
    files: ['services/*/src/*/**/*.ts'],
    ignores: [...TESTS, 'services/*/src/{rpc,http,events}/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^\\.{1,2}/(.*/)?(rpc|http|events)/',
              message: 'The domain knows no transport: let the edge call the domain.',
            },
            {
              regex: '^@frontdesk/contracts',
              message: 'The domain has types of its own: translate at the edge.',
            },
          ],
        },
      ],
    },
  },
];
