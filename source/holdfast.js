#!/usr/bin/env node
// Imports nothing of Holdfast before the version is known, so that an old Node gets a sentence instead of a syntax error.
import {lstatSync, mkdirSync} from 'node:fs';
import * as nodeModule from 'node:module';
import {userInfo} from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Compiled code is kept in a folder that nobody else can write to: whoever could would run code as whoever starts Holdfast. */
const keepCompiledCode = () => {
	try {
		const {homedir, uid} = userInfo();
		const folder = path.join(homedir, '.cache', 'holdfast');
		mkdirSync(folder, {recursive: true, mode: 0o700});

		for (const place of [folder, path.dirname(folder), homedir]) {
			const stats = lstatSync(place);

			if (!stats.isDirectory() || (stats.uid !== uid && stats.uid !== 0) || (stats.mode & 0o022) !== 0) {
				return;
			}
		}

		nodeModule.enableCompileCache(folder);
	} catch {
		// Without a home that can be written to, everything works, a little slower.
	}
};

if (Number(process.versions.node.split('.', 1)[0]) >= 24) {
	keepCompiledCode();
	await import('./cli.js');
} else {
	process.stderr.write(`Holdfast needs Node.js 24 or newer; this is ${process.version}.\nInstall it from https://nodejs.org, or start from a checkout with "npm start", which brings its own.\n`);
	process.exitCode = 1;
}
