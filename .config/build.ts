/** Bundles what `bin.holdfast` needs into dist/: the launcher as it is, the command line, the runner and the engine's threads as ESM with shared chunks. */
import {
	chmod,
	copyFile,
	readFile,
	rm,
} from 'node:fs/promises';
import {build, type Plugin} from 'esbuild';

/** `string-width` builds a table of all emoji sequences when it is loaded, which takes 50 ms. What is no emoji at all needs none. */
const lateEmojiTable: Plugin = {
	name: 'late-emoji-table',
	setup({onLoad}) {
		const eager = String.raw`const rgiEmojiRegex = /^\p{RGI_Emoji}$/v;`;
		const late = String.raw`let emojiSequences; const rgiEmojiRegex = {test: text => /\P{ASCII}/u.test(text) && /\p{Emoji}/u.test(text) && (emojiSequences ??= new RegExp('^\\p{RGI_Emoji}$', 'v')).test(text)};`;

		// eslint-disable-next-line require-unicode-regexp -- esbuild hands it to Go, which knows no flags
		onLoad({filter: /node_modules\/string-width\/index\.js$/}, async ({path}) => {
			const source = await readFile(path, 'utf8');

			if (source.includes(eager)) {
				return {contents: source.replace(eager, () => late)};
			}

			// Older copies that some packages bring have no such table.
			return source.includes('RGI_Emoji}$') ? {errors: [{text: `${path} is not what this plugin was made for.`}]} : undefined;
		});
	},
};

await rm('dist', {recursive: true, force: true});

await build({
	entryPoints: {
		cli: 'source/cli.ts',
		'command-line': 'source/command-line.ts',
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
	// Otherwise each becomes a `new RegExp` wherever it stands, also where it is asked for every character.
	supported: {'regexp-unicode-property-escapes': true, 'regexp-set-notation': true},
	minify: true,
	keepNames: true,
	sourcemap: 'linked',
	external: ['koffi'],
	alias: {'react-devtools-core': './.config/empty.ts'},
	// CommonJS dependencies inside an ES module bundle still call `require`.
	banner: {js: 'import {createRequire as __createRequire} from \'node:module\';const require=__createRequire(import.meta.url);'},
	define: {
		'process.env.NODE_ENV': '"production"',
		// The layout library would fetch itself from a data URL, for which Node loads its whole HTTP client.
		fetch: 'undefined',
	},
	plugins: [lateEmojiTable],
	logLevel: 'warning',
});

await copyFile('source/holdfast.js', 'dist/holdfast.js');
await chmod('dist/holdfast.js', 0o755);
