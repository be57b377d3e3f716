import test from 'ava';
import {restoreCommand} from '../../source/domain/restore-command.ts';
import {parseGlob} from '../../source/domain/glob.ts';
import type {RestoreRequest, SelectionRule} from '../../source/domain/restore.ts';

const rule = (path: string): SelectionRule => ({path: path.slice(1), isIncluded: path.startsWith('+')});

const command = (paths: readonly string[], request: Partial<RestoreRequest> = {}) => restoreCommand({
	backup: '0123456789abcdef',
	selection: {rules: paths.map(path => rule(path)), excludes: []},
	target: {type: 'original'},
	isMerge: false,
	...request,
});

const start = 'holdfast restore 0123456789abcdef';

const table: ReadonlyArray<readonly [string, string, string]> = [
	['everything', command(['+']), start],
	['two paths', command(['+www', '+mail/new']), `${start} --path www --path mail/new`],
	['all but one', command(['+', '-cache']), `${start} --exclude /cache`],
	['what is chosen again takes a command of its own', command(['+www', '-www/tmp', '+www/tmp/keep']), `${start} --path www --exclude /www/tmp && ${start} --path www/tmp/keep`],
	['a name with glob characters is excluded literally', command(['+', '-a[1]*']), String.raw`${start} --exclude '/a\[1\]\*'`],
	['quotes', command(['+it\'s here']), String.raw`${start} --path 'it'\''s here'`],
	['merge into a folder', command(['+'], {isMerge: true, target: {type: 'folder', path: '/srv/a b'}}), `${start} --to '/srv/a b' --merge`],
	['items, the others only once', command(['+www', '-www/tmp', '+www/tmp/keep'], {items: [{name: 'homedir', parts: null, backup: null}, {name: 'cron', parts: null, backup: null}]}), `${start} --item homedir --item cron --path www --exclude /www/tmp && ${start} --item homedir --path www/tmp/keep`],
	['parts, and another backup', command(['+'], {items: [{name: 'databases', parts: ['shop', 'blog'], backup: 'fedcba9876543210'}]}), `${start} --item databases:shop --item databases:blog --item-from databases=fedcba9876543210`],
	['excludes of the request', command(['+'], {selection: {rules: [rule('+')], excludes: ['*.log']}}), `${start} --exclude '*.log'`],
];

for (const [title, actual, expected] of table) {
	test(`restore command: ${title}`, t => {
		t.is(actual, expected);
	});
}

test('restore command: an exclude matches the very path, whatever is in its name', t => {
	for (const path of ['plain', 'a/b c', String.raw`back\slash`, 'bytes\u{FF}\u{1}', 'x{1,2}?*[!a]', String.raw`\x41`]) {
		const pattern = /--exclude '?(?<pattern>.*?)'?$/v.exec(command(['+', `-${path}`]))!.groups!.pattern!;
		t.true(parseGlob(pattern).matches(path), `${pattern} matches ${path}`);
	}
});
