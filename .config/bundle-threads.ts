/** Makes one file of each of the engine's threads in build/, so that the tests, which start hundreds, do not load a hundred files for each. */
import {build} from 'esbuild';

await build({
	entryPoints: ['build/source/engine/engine-thread.js', 'build/source/engine/pack-thread.js'],
	outdir: 'build/source/engine',
	allowOverwrite: true,
	bundle: true,
	// What few need stays apart; beside the rest, as threads are found by where their code lies.
	splitting: true,
	chunkNames: 'thread-[hash]',
	minifySyntax: true,
	minifyWhitespace: true,
	format: 'esm',
	platform: 'node',
	target: 'node24',
	keepNames: true,
	external: ['koffi'],
	// CommonJS dependencies inside an ES module bundle still call `require`.
	banner: {js: 'import {createRequire as __createRequire} from \'node:module\';const require=__createRequire(import.meta.url);'},
	logLevel: 'warning',
});
