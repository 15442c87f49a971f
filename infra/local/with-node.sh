#!/bin/sh
# Runs a command on the Node of .nvmrc: `infra/local/with-node.sh npm ci`.
# A Node of the same major on PATH is used as it is. Otherwise the pinned one comes
# from the npm registry (a package of the plain binary, no install script) into
# .node/, which git ignores, so that nothing outside the checkout changes.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
wanted=$(cat "$root/.nvmrc")
major=${wanted%%.*}

command -v node >/dev/null 2>&1 || {
  echo "Frontdesk needs Node (any version >= 20, with npm) to fetch Node $wanted: install it from https://nodejs.org and run this again." >&2
  exit 1
}

if [ "$(node -p 'process.versions.node.split(".")[0]')" != "$major" ]; then
  package=$(node -p '`node-${process.platform}-${process.arch}`')
  bin="$root/.node/node_modules/$package/bin"
  if [ ! -x "$bin/node" ] || [ "$("$bin/node" --version)" != "v$wanted" ]; then
    echo "Node $(node --version) found, Node $wanted needed: installing it into .node/ (once)" >&2
    mkdir -p "$root/.node"
    npm install --prefix "$root/.node" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error "$package@$wanted" >&2 || {
      echo "Could not fetch $package@$wanted. Install Node $major yourself (for example: nvm install) and run this again." >&2
      exit 1
    }
  fi
  PATH="$bin:$PATH"
  export PATH
fi
exec "$@"
