/** Who takes part: Holdfast, the backup programs that are installed, and the system's own tools as limits. Each work is one command line of a shell. */
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

export type Work = 'first' | 'unchanged' | 'nextDay' | 'restore' | 'list' | 'oneFile' | 'archived' | 'compressed';

export type Places = {
	readonly data: string;
	/** Holds the repositories. */
	readonly work: string;
	/** A folder of a memory file system, which is empty before each restore. */
	readonly target: string;
	/** A file below the data, to restore alone. */
	readonly file: string;
};

export type Peer = {
	readonly name: string;
	/** The program that must be installed. */
	readonly program: string;
	readonly version: string;
	readonly prepare?: string;
	readonly works: Partial<Record<Work, string>>;
	readonly repository?: string;
};

const holdfast = fileURLToPath(new URL('../../../dist/holdfast.js', import.meta.url));

/** The start of a Holdfast command line. */
export const holdfastLine = (state: string): string => `${process.execPath} ${holdfast} --state ${state} --quiet`;

/** Sets Holdfast up anew with one account, `site`, whose home is `data`. */
export const prepareLine = ({data, work}: Pick<Places, 'data' | 'work'>): string => {
	const state = path.join(work, 'holdfast');
	const run = holdfastLine(state);

	return [
		`rm -rf ${state} ${work}/vault && mkdir -p ${work}/database`,
		String.raw`printf 'root:x:0:0::/root:/bin/sh\nsite:x:5001:5001::${data}:/bin/sh\n' > ${work}/database/passwd`,
		String.raw`printf 'root:*:19000::::::\nsite:*:19000::::::\n' > ${work}/database/shadow`,
		String.raw`printf 'root:x:0:\nsite:x:5001:\n' > ${work}/database/group`,
		`${run} init --yes --destination ${work}/vault > ${work}/recovery-key`,
		...['passwd', 'shadow', 'group'].map(name => `${run} setting set accounts.${name} ${work}/database/${name}`),
		...['archived', 'compressed'].map(structure => `${run} job create ${structure} --accounts site --items homedir --structure ${structure}`),
	].join(' && ');
};

export const peersOf = ({data, work, target, file}: Places): Peer[] => {
	const run = holdfastLine(path.join(work, 'holdfast'));
	const restic = `restic -q -r ${work}/restic`;
	const borg = 'borg --lock-wait 5';

	return [
		{
			name: 'Holdfast',
			program: process.execPath,
			version: `${run} --version`,
			prepare: prepareLine({data, work}),
			works: {
				first: `${run} backup create site`,
				unchanged: `${run} backup create site`,
				nextDay: `${run} backup create site`,
				restore: `${run} restore latest:site --to ${target}/holdfast --yes`,
				list: `${run} backup files latest:site --recursive`,
				oneFile: `${run} backup cat latest:site ${file}`,
				archived: `${run} backup create site --job archived`,
				compressed: `${run} backup create site --job compressed`,
			},
			repository: `${work}/vault`,
		},
		{
			name: 'restic',
			program: 'restic',
			version: 'restic version',
			prepare: `rm -rf ${work}/restic && ${restic} init`,
			works: {
				first: `${restic} backup ${data}`,
				unchanged: `${restic} backup ${data}`,
				nextDay: `${restic} backup ${data}`,
				restore: `${restic} restore latest --target ${target}/restic`,
				list: `${restic} ls -l latest`,
				oneFile: `${restic} dump latest ${data}/${file}`,
			},
			repository: `${work}/restic`,
		},
		{
			name: 'borg',
			program: 'borg',
			version: 'borg --version',
			prepare: `rm -rf ${work}/borg && ${borg} init -e repokey ${work}/borg`,
			works: {
				first: `${borg} create -C lz4 ${work}/borg::first ${data}`,
				unchanged: `${borg} create -C lz4 ${work}/borg::unchanged ${data}`,
				nextDay: `${borg} create -C lz4 ${work}/borg::next ${data}`,
				restore: `mkdir -p ${target}/borg && cd ${target}/borg && ${borg} extract ${work}/borg::next`,
				list: `${borg} list ${work}/borg::next`,
				oneFile: `${borg} extract --stdout ${work}/borg::next ${data.slice(1)}/${file}`,
			},
			repository: `${work}/borg`,
		},
		{
			name: 'tar, zstd -1 -T2',
			program: 'zstd',
			version: 'zstd --version',
			works: {
				first: `tar -c -C ${data} . | zstd -q -1 -T2 -f -o ${work}/data.tar.zst && sync ${work}/data.tar.zst`,
				restore: `mkdir -p ${target}/tar && zstd -q -d -c ${work}/data.tar.zst | tar -x -C ${target}/tar`,
			},
		},
		{
			name: 'tar',
			program: 'tar',
			version: 'tar --version',
			works: {archived: `tar -c -C ${data} . > ${work}/data.tar && sync ${work}/data.tar`},
		},
		{
			name: 'tar, pigz -1 -p2',
			program: 'pigz',
			version: 'pigz --version',
			works: {compressed: `tar -c -C ${data} . | pigz -1 -p2 > ${work}/data.tar.gz && sync ${work}/data.tar.gz`},
		},
		{
			name: 'find, cp -a', program: 'find', version: 'find --version', works: {unchanged: String.raw`find ${data} -printf '%p %s %T@ %C@\n'`, restore: `cp -a ${data} ${target}/cp`},
		},
	];
};

export const isInstalled = ({program}: Peer): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
