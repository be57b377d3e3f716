import {readFileSync} from 'node:fs';
import type {RawPath} from '../domain/raw-name.ts';

/** Where something is mounted, bind mounts too: absolute raw paths. Empty where /proc is not there to say. */
export const readMountPoints = (): ReadonlySet<RawPath> => new Set(parseMounts(readMountinfo()).map(({point}) => point));

/** What an open descriptor of ours was reached through: two with the same are on one file system. */
export const mountOf = (fd: number): string => /^mnt_id:\s*(?<id>\d+)$/mv.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))!.groups!.id!;

/** Whether the file system that an absolute path is on keeps users to quotas, as far as /proc says. */
export const hasQuotas = (path: RawPath): boolean => isWithQuotas(path, readMountinfo());

/** The same by the text of mountinfo. */
export const isWithQuotas = (path: RawPath, mountinfo: string): boolean => {
	const over = parseMounts(mountinfo).filter(({point}) => path === point || path.startsWith(point === '/' ? '/' : `${point}/`));
	const deepest = Math.max(...over.map(({point}) => point.length));
	// Of mounts on one point the last is seen.
	const mount = over.findLast(({point}) => point.length === deepest);

	return mount?.options.some(option => /^(?:usrquota|uquota|quota|uqnoenforce|usrjquota=.+)$/v.test(option)) === true;
};

type Mount = {readonly point: RawPath; /** Of the file system. */ readonly options: readonly string[]};

const readMountinfo = (): string => {
	try {
		return readFileSync('/proc/self/mountinfo', 'latin1');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return '';
		}

		throw error;
	}
};

/** The fifth field, in which blanks and backslashes are written in octal, and the last. */
const parseMounts = (mountinfo: string): readonly Mount[] => mountinfo.split('\n').filter(line => line !== '').map(line => {
	const fields = line.split(' ');

	return {
		point: fields[4]!.replaceAll(/\\(?<code>[0-7]{3})/gv, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 8))),
		options: fields.at(-1)!.split(','),
	};
});
