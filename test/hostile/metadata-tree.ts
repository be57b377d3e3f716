import {Buffer} from 'node:buffer';
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	closeSync,
	ftruncateSync,
	linkSync,
	lutimesSync,
	mkdirSync,
	openSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import path from 'node:path';
import {isRoot} from '../engine/fixture.ts';

const raw = (folder: string, name: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);

/** A tree with everything that backup programs lose: names, links, sparse files, times, modes, attributes, ACLs; as root also owners and devices. */
export const makeMetadataTree = (root: string): void => {
	const at = (...names: string[]) => path.join(root, ...names);
	mkdirSync(at('empty'), {recursive: true});
	mkdirSync(at('sub', 'deeper'), {recursive: true});
	writeFileSync(at('sub', 'empty-file'), '');
	writeFileSync(at('sub', 'small'), 'small\n');
	writeFileSync(at('sub', 'deeper', 'large'), Buffer.alloc(3_000_000, 'The quick brown fox. '));

	for (const name of ['with space', 'new\nline', 'tab\there', '-dash', '*', String.raw`back\slash`, 'quote"\'', 'ümlaut', '日本語', '\u{202E}bidi', 'e\u{301}']) {
		writeFileSync(at(name), name);
	}

	for (const name of ['caf\u{E9}', '\u{FF}\u{FE}', '\u{1}\u{2}', 'n'.repeat(255), '\u{E4}'.repeat(255)]) {
		writeFileSync(raw(root, name), 'raw');
	}

	linkSync(at('sub', 'small'), at('hard link'));
	symlinkSync('sub/small', at('link'));
	symlinkSync('/nowhere/at all', at('dangling'));
	symlinkSync('x'.repeat(4000), at('long-link'));
	linkSync(at('link'), at('hard link of a symlink'));
	execFileSync('mkfifo', [at('fifo')]);
	linkSync(at('fifo'), at('hard link of a fifo'));
	makeSparse(at('sparse'));
	utimesSync(at('sub', 'empty-file'), -1e9, -1e9);
	execFileSync('touch', ['-d', '1960-02-03 04:05:06.123456789 UTC', at('before-1970')]);
	execFileSync('touch', ['-d', '2050-02-03 04:05:06.987654321 UTC', at('after-2038')]);
	lutimesSync(at('link'), 1_000_000_000, 1_000_000_000);
	execFileSync('setfattr', ['-n', 'user.note', '-v', 'kept', at('sub', 'small')]);
	execFileSync('setfattr', ['-n', 'user.empty', at('sub')]);
	execFileSync('setfacl', ['-m', 'u:12345:rwx', at('sub')]);
	execFileSync('setfacl', ['-d', '-m', 'u:12345:r-x', at('sub')]);
	execFileSync('setfacl', ['-m', 'u:12345:r--', at('sub', 'small')]);
	chmodSync(at('-dash'), 0o6755);
	chmodSync(at('*'), 0o1600);

	if (isRoot) {
		makeRootsPart(at);
	}

	chmodSync(at('tab\there'), isRoot ? 0o000 : 0o400);
	makeDeep(root);
	execFileSync('touch', ['-d', '2001-02-03 04:05:06.5 UTC', at('empty'), at('sub'), root]);
};

const makeRootsPart = (at: (...names: string[]) => string): void => {
	execFileSync('mknod', [at('null'), 'c', '1', '3']);
	execFileSync('mknod', [at('block'), 'b', '7', '200']);
	writeFileSync(at('owned'), 'by a high uid');
	execFileSync('chown', ['4294967294:4294967293', at('owned')]);
	execFileSync('chown', ['-h', '1234:2345', at('dangling')]);
	mkdirSync(at('closed'));
	writeFileSync(at('closed', 'inside'), 'x');
	chmodSync(at('closed'), 0o000);
};

const makeSparse = (file: string): void => {
	const fd = openSync(file, 'w');
	ftruncateSync(fd, 40_000_000);
	writeSync(fd, 'in the middle', 17_000_000);
	closeSync(fd);
};

export const deepName = 'd'.repeat(100);
const descend = 'chdir shift or die; $n = shift; for (1..60) { mkdir $n if $ARGV[0] eq "make"; chdir $n or die "$_: $!" }';

/** Deeper than PATH_MAX: made from inside, one step after another, as no path can name it. */
const makeDeep = (root: string): void => {
	execFileSync('perl', ['-e', `${descend} open F, ">", "bottom"; print F "deep"`, root, deepName, 'make']);
};

/** What lies at the bottom of the deep part, and the mode and time of its last folder. */
export const readDeep = (root: string): string =>
	execFileSync('perl', ['-e', `${descend} open F, "<", "bottom" or die; @s = stat "."; print <F>, " $s[2] $s[9]"`, root, deepName, 'read'], {encoding: 'utf8'});
