#!/bin/sh
# Generates gen/ from the protocol's own files. The versions of the generators stand in proto/buf.gen.go.yaml. Needs Go and `npm install`.
set -eu
cd "$(dirname "$0")/../../../proto"
node ../node_modules/@bufbuild/buf/bin/buf generate --template buf.gen.go.yaml
