/** Bundles what `bin.holdfast` needs into dist/: the launcher as it is, the command line, the runner and the engine's threads as ESM with shared chunks. */
import {chmod, copyFile, rm} from 'node:fs/promises';
import {build} from 'esbuild';

await rm('dist', {recursive: true, force: true});

await build({
	entryPoints: {
		cli: 'source/cli.ts',
		runner: 'source/runner/runner.ts',
		'engine-thread': 'source/engine/engine-thread.ts',
		'pack-thread': 'source/engine/pack-thread.ts',
	},
	outdir: 'dist',
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node24',
	minify: true,
	keepNames: true,
	sourcemap: 'linked',
	external: ['koffi'],
	alias: {'react-devtools-core': './.config/empty.ts'},
	// CommonJS dependencies inside an ES module bundle still call `require`.
	banner: {js: 'import {createRequire as __createRequire} from \'node:module\';const require=__createRequire(import.meta.url);'},
	define: {'process.env.NODE_ENV': '"production"'},
	logLevel: 'warning',
});

await copyFile('source/holdfast.js', 'dist/holdfast.js');
await chmod('dist/holdfast.js', 0o755);
