#!/usr/bin/env node
// Imports nothing of Holdfast before the version is known, so that an old Node gets a sentence instead of a syntax error.
import process from 'node:process';
import * as nodeModule from 'node:module';

if (Number(process.versions.node.split('.', 1)[0]) >= 24) {
	nodeModule.enableCompileCache();
	await import('./cli.js');
} else {
	process.stderr.write(`Holdfast needs Node.js 24 or newer; this is ${process.version}.\nInstall it from https://nodejs.org, or start from a checkout with "npm start", which brings its own.\n`);
	process.exitCode = 1;
}
