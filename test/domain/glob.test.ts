import {Buffer} from 'node:buffer';
import test from 'ava';
import {compileExcludes, compilePruning, parseGlob} from '../../source/domain/glob.ts';
import {UserError} from '../../source/errors.ts';
import {Random} from '../benchmarks/random.ts';

const raw = (text: string): string => Buffer.from(text).toString('latin1');

/** Pattern, paths that it matches, paths that it does not. Paths are text here. */
const rows: ReadonlyArray<readonly [string, readonly string[], readonly string[]]> = [
	// Without a slash: a name at any depth.
	['cache', ['cache', 'a/cache', 'a/b/cache'], ['caches', 'a/cache/x', 'xcache', 'Cache']],
	['*.log', ['x.log', '.log', 'a/b/y.log'], ['x.logs', 'log', 'x.log/y']],
	['.*', ['.bashrc', 'a/.hidden'], ['a', 'a.b']],
	['?', ['a', 'x/y', 'ü', '日', 'x/🗄'], ['', 'ab', 'a/bc']],
	['a?c', ['abc', 'aüc', 'a.c', 'a\nc'], ['ac', 'a/c', 'abbc']],
	['a*c', ['ac', 'abc', 'aüüc', 'x/abbbc'], ['a/c', 'ab/c']],
	// With one: from the root.
	['/cache', ['cache'], ['a/cache', 'caches']],
	['./cache', ['cache'], ['a/cache']],
	['cache/', ['cache'], ['a/cache', 'cache/x']],
	['a/b', ['a/b'], ['x/a/b', 'a/b/c', 'ab']],
	['a/*', ['a/b', 'a/.b'], ['a', 'a/b/c', 'x/a/b']],
	// Two stars cross folders, or stand for none.
	['**/x', ['x', 'a/x', 'a/b/x'], ['xx', 'a/xx', 'x/a']],
	['a/**', ['a/b', 'a/b/c'], ['a', 'b/a/c']],
	['a/**/z', ['a/z', 'a/b/z', 'a/b/c/z'], ['az', 'a/bz', 'b/z']],
	['a/**b', ['a/b', 'a/x/yb'], ['a/c']],
	['a/x**', ['a/x', 'a/xy/z'], ['a/y']],
	['a/***/z', ['a/z', 'a/b/z'], ['a/bz']],
	// Alternatives, also with slashes, nothing and further alternatives in them.
	['*.{jpg,png}', ['a.jpg', 'b/a.png'], ['a.gif', 'a.{jpg,png}']],
	['{a/b,c}/x', ['a/b/x', 'c/x'], ['a/x', 'b/x']],
	['a{,b}c', ['ac', 'abc'], ['abbc']],
	['{a,{b,c}d}', ['a', 'bd', 'cd'], ['b', 'ad']],
	['a,b', ['a,b'], ['a', 'b']],
	// Classes.
	['[abc]', ['a', 'x/c'], ['d', 'ab', 'A']],
	['[a-c1-3]x', ['ax', '2x'], ['dx', '4x', '-x']],
	['[!a-c]', ['d', 'ü', '-'], ['a', 'c', 'dd']],
	['[^a]', ['b'], ['a']],
	['a[!b]c', ['axc'], ['abc', 'a/c']],
	['[]]', [']'], ['[', 'a']],
	['a[.-0]b', ['a.b', 'a0b'], ['a/b']],
	['[a-]', ['a', '-'], ['b']],
	['[.]', ['.'], ['a']],
	['[äö]x', ['äx', 'öx'], ['ox', 'üx']],
	['[*?]', ['*', '?'], ['a']],
	// What stands for itself.
	[String.raw`\*`, ['*', 'a/*'], ['a']],
	[String.raw`\[a\]`, ['[a]'], ['a']],
	[String.raw`\{a,b\}`, ['{a,b}'], ['a']],
	[String.raw`a\\b`, [String.raw`a\b`], ['ab']],
	['a.b', ['a.b'], ['axb']],
	['a+(b)$^|', ['a+(b)$^|'], ['aab']],
	// Beyond ASCII: characters in UTF-8, composed as they are typed.
	['ümlaut', ['ümlaut', 'a/ümlaut'], ['umlaut', 'u\u{308}mlaut']],
	['日*', ['日本', '日'], ['月日']],
];

for (const [pattern, matching, others] of rows) {
	test(`glob ${pattern}`, t => {
		const {matches} = parseGlob(pattern);

		for (const path of matching) {
			t.true(matches(raw(path)), `matches ${path}`);
		}

		for (const path of others) {
			t.false(matches(raw(path)), `does not match ${path}`);
		}
	});
}

test(String.raw`a character is one, however many bytes it takes; \xNN is a byte, and a byte that is no text is one too`, t => {
	t.false(parseGlob('??').matches(raw('日')));
	t.true(parseGlob('??').matches(raw('日本')));
	t.true(parseGlob('*[!a]').matches('a\u{E9}'));
	t.true(parseGlob(String.raw`caf\xe9`).matches('caf\u{E9}'));
	t.true(parseGlob(String.raw`caf\xE9`).matches('caf\u{E9}'));
	t.false(parseGlob(String.raw`caf\xe9`).matches(raw('café')));
	t.true(parseGlob(String.raw`\xc3\xa9`).matches(raw('é')));
	t.true(parseGlob('caf?').matches('caf\u{E9}'));
	t.true(parseGlob('caf*').matches('caf\u{E9}\u{FF}'));
	t.true(parseGlob('caf[!x]').matches('caf\u{E9}'));
});

const wrong: ReadonlyArray<readonly [string, RegExp]> = [
	['', /matches nothing/v],
	['/', /matches nothing/v],
	['./', /matches nothing/v],
	['///', /matches nothing/v],
	['..', /never leaves its root/v],
	['a/../b', /never leaves its root/v],
	['a/./b', /never leaves its root/v],
	['{a,b', /a \{ has no \}/v],
	['a}', /a \} has no \{/v],
	['[ab', /a \[ has no \]/v],
	['[]', /a \[ has no \]/v],
	['[c-a]', /range c-a/v],
	['[a-ü]', /range a-ü/v],
	['a\\', /lone backslash/v],
	['x'.repeat(4097), /longer than 4096/v],
];

for (const [pattern, reason] of wrong) {
	test(`not a glob: ${pattern.slice(0, 20)}`, t => {
		const error = t.throws(() => parseGlob(pattern), {instanceOf: UserError, message: reason});
		t.is(error.code, 'usage');
	});
}

test('a matched folder excludes all below it, and nothing beside it', t => {
	const isExcluded = compileExcludes(['cache', '/logs/old', '*.tmp']);

	for (const path of ['cache', 'cache/a', 'cache/a/b', 'x/cache/a', 'logs/old', 'logs/old/1', 'a.tmp', 'd.tmp/inside']) {
		t.true(isExcluded(path), `excludes ${path}`);
	}

	for (const path of ['', 'caches/a', 'logs', 'logs/new', 'x/logs/old', 'a.tmp.keep']) {
		t.false(isExcluded(path), `keeps ${path}`);
	}
});

/** Patterns and paths over few letters, so that they often match. */
const few = ['a', 'b', '.', '/'];
const random = new Random(9);
const draw = (letters: readonly string[], length: number): string => Array.from({length}, () => letters[random.below(letters.length)]!).join('');
const drawPath = (): string => draw(few, random.below(8)).replaceAll(/\/+/gv, '/').replaceAll(/^\/|\/$/gv, '');

const isUsable = (pattern: string): boolean => {
	try {
		parseGlob(pattern);
		return true;
	} catch (error) {
		return !(error instanceof UserError);
	}
};

test('property: many patterns at once match what any of them matches, and exclude what lies below that', t => {
	let matched = 0;

	for (let run = 0; run < 300; run++) {
		const patterns = Array.from({length: 1 + random.below(5)}, () => draw([...few, '*', '?', '**', '[!a]', '{a,b}'], 1 + random.below(6))).filter(pattern => isUsable(pattern));
		const globs = patterns.map(pattern => parseGlob(pattern));
		const isMatched = compilePruning(patterns);
		const isExcluded = compileExcludes(patterns);

		for (let draws = 0; draws < 40; draws++) {
			const path = drawPath();
			const names = path.split('/');
			const folders = names.map((_, index) => names.slice(0, index + 1).join('/'));
			const isAny = (tested: string): boolean => globs.some(glob => glob.matches(tested));
			t.is(isMatched(path), isAny(path), `${path} of ${patterns.join(' ')}`);
			t.is(isExcluded(path), folders.some(folder => isAny(folder)), `${path} below ${patterns.join(' ')}`);
			matched += isMatched(path) ? 1 : 0;
		}
	}

	t.true(matched > 1000, `${matched}`);
});

test('a pattern with more states than are kept still matches right', t => {
	const {matches} = parseGlob('*a????????????');

	for (let run = 0; run < 20_000; run++) {
		const name = draw(['a', 'b'], 13 + random.below(8));
		t.is(matches(name), name.at(-13) === 'a', name);
	}
});

const hostile: ReadonlyArray<readonly [string, string]> = [
	['*a*a*a*a*a*b', 'a'.repeat(255)],
	['**/a/**/a/**/a/**/a/**/b', 'a/'.repeat(2000)],
	['{a,aa}{a,aa}{a,aa}*{a,aa}*{a,aa}*b', 'a'.repeat(255)],
	['{*a,*b,*{c,*d}}*{*a,*b}*{*a,*b}x', 'abcd'.repeat(60)],
];

for (const [pattern, path] of hostile) {
	test(`names made to be slow are not: ${pattern}`, t => {
		const {matches} = parseGlob(pattern);
		const started = performance.now();
		t.false(matches(path));
		t.true(performance.now() - started < 1000);
	});
}

test('without patterns nothing is excluded', t => {
	t.false(compileExcludes([])('a/b'));
	t.false(compilePruning([])('a/b'));
});

test('a walk that never enters a matched folder asks about the path alone', t => {
	const isPruned = compilePruning(['cache']);
	t.true(isPruned('a/cache'));
	t.false(isPruned('cache/a'));
});
