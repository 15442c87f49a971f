import { parseSource } from './source.js';

describe('a source', () => {
  it('is a file of the hub, or an entry of a package by its coordinates', () => {
    expect(parseSource('hub:onnx/model.onnx')).toMatchObject({ kind: 'hub', path: 'onnx/model.onnx' });
    expect(parseSource('maven:dev.group:an-artifact:1.10.0-beta18!dir/m-q.onnx')).toMatchObject({
      kind: 'maven',
      coordinates: 'dev.group:an-artifact:1.10.0-beta18',
      path: 'dir/m-q.onnx',
    });
    expect(parseSource('pypi:some-name==1!2.0!pkg/a.bin')).toMatchObject({
      kind: 'pypi',
      coordinates: 'some-name==1!2.0',
      path: 'pkg/a.bin',
    });
    expect(parseSource('npm:@scope/name@2.1.3!dist/a.json')).toMatchObject({
      kind: 'npm',
      coordinates: '@scope/name@2.1.3',
      path: 'dist/a.json',
    });
  });

  it.each([
    ['https://example.org/model.onnx', 'must begin with hub:'],
    ['hub:../secrets', 'no plain path'],
    ['hub:/etc/passwd', 'no plain path'],
    ['hub:a//b', 'no plain path'],
    ['hub:a?token=b', 'no plain path'],
    ['npm:name@1.0.0', 'after a "!"'],
    ['npm:name@latest!a', 'no npm coordinates'],
    ['npm:--registry=x@1!a', 'no npm coordinates'],
    ['pypi:-r==1!a', 'no pypi coordinates'],
    ['pypi:name>=1!a', 'no pypi coordinates'],
    ['maven:group:artifact!a', 'no maven coordinates'],
    ['maven:group:artifact:1.0:jar -X!a', 'no maven coordinates'],
    ['pypi:name==1.0!a/../../b', 'no plain path'],
    ['pypi:name==1.0!a\\b', 'no plain path'],
  ])('%s is refused', (text, reason) => {
    expect(parseSource(text)).toContain(reason);
  });
});
