import reactHooks from 'eslint-plugin-react-hooks';
import type {FlatXoConfig} from 'xo';

type Plugin = NonNullable<NonNullable<FlatXoConfig[number]['plugins']>[string]>;

const config: FlatXoConfig = [
	{
		rules: {
			// JSON documents, state files and manifests say `null` for what is absent: a missing key would be ambiguous.
			'@typescript-eslint/no-restricted-types': 'off',
			// A doc comment of one sentence takes one line.
			'unicorn/single-line-block-comment-style': 'off',
			// The engine packs bits; modes and flags are bits.
			'no-bitwise': 'off',
			// Order matters in a backup program: what is awaited in a loop is meant to run one after another.
			'no-await-in-loop': 'off',
		},
	},
	{
		files: ['source/ui/**/*.{ts,tsx}'],
		// eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- the plugin is typed for another ESLint
		plugins: {'react-hooks': reactHooks},
		rules: {
			'react-hooks/rules-of-hooks': 'error',
			'react-hooks/exhaustive-deps': 'error',
		},
	},
	{
		files: ['test/**/*.ts', '.config/*.ts'],
		rules: {
			// AVA runs the compiled tests in build/, so these two, which look for sources, take every test for a stray one.
			'ava/no-ignored-test-files': 'off',
			'node-test/no-import-test-files': 'off',
		},
	},
	{ignores: ['build', 'dist', 'screenshots']},
];

export default config;
