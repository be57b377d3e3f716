/** Archives open without Holdfast: every digest is the same in all the programs an operator may have. */
import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
} from 'node:fs';
import {Buffer} from 'node:buffer';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {deepName, makeMetadataTree} from '../../hostile/metadata-tree.ts';
import {createFixture, differences} from '../fixture.ts';

type Tool = {readonly name: string; readonly probe: readonly string[]; readonly unpack: string};

/** Newer ones have to be told that owners and devices are wanted. */
const pythonUnpack = 'import sys, tarfile; how = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}; tarfile.open(sys.argv[1]).extractall(".", **how)';

/** `$1` is the archive; each unpacks into the folder it stands in. */
const tools: readonly Tool[] = [
	{name: 'GNU tar', probe: ['tar', '--version'], unpack: 'tar --xattrs --xattrs-include="*" -xSpf "$1"'},
	{name: 'bsdtar', probe: ['bsdtar', '--version'], unpack: 'bsdtar -xpf "$1"'},
	{name: 'Python tarfile', probe: ['python3', '--version'], unpack: `python3 -c '${pythonUnpack}' "$1"`},
	{name: 'busybox', probe: ['busybox', 'tar', '--help'], unpack: 'case "$1" in (*.gz) busybox tar -xzf "$1";; (*) busybox tar -xf "$1";; esac'},
	// It leaves out links that lead to links, and says so with its exit code.
	{name: '7z', probe: ['7z', 'i'], unpack: 'case "$1" in (*.gz) 7z x -so "$1" | 7z x -y -ttar -si;; (*) 7z x -y "$1";; esac || [ $? -le 2 ]'},
];

/** Digests of all regular files by path, as raw bytes. */
const digestsOf = (root: string): ReadonlyMap<string, string> => {
	const digests = new Map<string, string>();
	const visit = (folder: Buffer, prefix: string): void => {
		for (const name of readdirSync(folder, {encoding: 'buffer'})) {
			const full = Buffer.concat([folder, Buffer.from('/'), name]);
			const stats = lstatSync(full);
			const shown = `${prefix}${name.toString('latin1')}`;

			if (stats.isDirectory()) {
				visit(full, `${shown}/`);
			} else if (stats.isFile()) {
				digests.set(shown, createHash('sha256').update(readFileSync(full)).digest('hex'));
			}
		}
	};

	visit(Buffer.from(root), '');

	return digests;
};

const makeArchive = async (t: ExecutionContext, structure: 'archived' | 'compressed') => {
	const {home, folder, vault, backup} = await createFixture(t);
	makeMetadataTree(home);
	execFileSync('rm', ['-rf', path.join(home, deepName)]);
	const long = path.join(home, 'l'.repeat(120), 'm'.repeat(120));
	mkdirSync(long, {recursive: true});
	execFileSync('sh', ['-c', 'head -c 3000000 /dev/urandom > "$1/packed"; seq 400000 > "$1/$2"', 'sh', long, 'n'.repeat(150)]);
	execFileSync('touch', ['-d', '2001-02-03 04:05:06.5 UTC', long, path.dirname(long), home]);
	const {id, status} = await backup({structure, uid: 0});
	t.is(status, 'complete');

	return {home, folder, archive: path.join(vault.folder, 'archives', 'account-1', id, structure === 'archived' ? 'homedir.tar' : 'homedir.tar.gz')};
};

for (const structure of ['archived', 'compressed'] as const) {
	for (const {name, probe, unpack} of tools) {
		const isThere = spawnSync(probe[0]!, probe.slice(1)).error === undefined;

		(isThere ? test.serial : test.skip)(`${structure}: ${name} finds every file with the same content`, async t => {
			const {home, folder, archive} = await makeArchive(t, structure);
			const target = path.join(folder, 'unpacked');
			mkdirSync(target);
			const run = spawnSync('sh', ['-c', `export LC_ALL=C.UTF-8; ${unpack}`, 'sh', archive], {cwd: target, encoding: 'utf8'});
			t.is(run.status, 0, run.stderr);
			const found = digestsOf(target);
			t.deepEqual([...digestsOf(home)].filter(([file, digest]) => found.get(file) !== digest), []);

			if (name === 'GNU tar') {
				t.is(differences(home, target), '');
			}
		});
	}
}
