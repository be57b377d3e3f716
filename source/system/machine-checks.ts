import {
	accessSync,
	constants,
	existsSync,
	readFileSync,
	statSync,
} from 'node:fs';
import {delimiter, join} from 'node:path';
import process from 'node:process';
import {native} from './native.ts';

/** `absent`: not there and not needed. */
export type Check = {
	readonly name: string;
	readonly status: 'ok' | 'warning' | 'problem' | 'absent';
	/** A sentence. */
	readonly message: string;
	/** How to mend it. */
	readonly hint: string | null;
};

/** What Holdfast needs of the machine, whatever its state holds. */
export const checkMachine = (): readonly Check[] => [
	checkUser(),
	checkSystemCalls(),
	checkProcessFolder(),
	checkProgram('flock', {isNeeded: native === undefined, purpose: 'locks the state where koffi does not load', packageName: 'util-linux'}),
	checkProgram('systemd-run', {isNeeded: false, purpose: 'keeps the runner alive after you log out', packageName: 'systemd'}),
	checkKernelSetting('fs/protected_symlinks'),
	checkKernelSetting('fs/protected_hardlinks'),
];

const checkUser = (): Check => process.geteuid!() === 0
	? {
		name: 'user', status: 'ok', message: 'Holdfast runs as root.', hint: null,
	}
	: {
		name: 'user', status: 'warning', message: 'Holdfast does not run as root: it reads what you may read, and cannot give files to other owners.', hint: 'Run it as root to back up the accounts of a server.',
	};

const checkSystemCalls = (): Check => native
	? {
		name: 'system calls', status: 'ok', message: 'Extended attributes, ACLs, exact times and holes are kept.', hint: null,
	}
	: {
		name: 'system calls', status: 'warning', message: 'koffi does not load here: extended attributes, ACLs and devices are not kept, and each backup says so.', hint: 'Install Holdfast with its optional dependency koffi.',
	};

const checkProcessFolder = (): Check => existsSync('/proc/self/fd')
	? {
		name: '/proc', status: 'ok', message: 'It is mounted.', hint: null,
	}
	: {
		name: '/proc', status: 'problem', message: 'It is not mounted: a home can be neither read nor written safely.', hint: 'Mount it with "mount -t proc proc /proc".',
	};

type ProgramFacts = {readonly isNeeded: boolean; readonly purpose: string; readonly packageName: string};

const checkProgram = (program: string, {isNeeded, purpose, packageName}: ProgramFacts): Check => {
	const path = (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, program)).find(candidate => isProgram(candidate));

	return path === undefined
		? {
			name: program, status: isNeeded ? 'problem' : 'absent', message: `It is not installed; it ${purpose}.`, hint: `Install the package ${packageName}.`,
		}
		: {
			name: program, status: 'ok', message: `${path} ${purpose}.`, hint: null,
		};
};

const isProgram = (path: string): boolean => {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
};

/** Links planted by users into folders of others are the kernel's to refuse first. */
const checkKernelSetting = (path: string): Check => {
	const name = path.replace('/', '.');
	let value: string;

	try {
		value = readFileSync(`/proc/sys/${path}`, 'utf8').trim();
	} catch (error) {
		return {
			name, status: 'absent', message: `It cannot be read here: ${(error as Error).message}.`, hint: null,
		};
	}

	return value === '0'
		? {
			name, status: 'warning', message: 'It is off: users can plant links to files of others.', hint: `Switch it on with "sysctl -w ${name}=1".`,
		}
		: {
			name, status: 'ok', message: 'It is on.', hint: null,
		};
};
