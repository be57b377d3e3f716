/**
System calls that Node does not offer, through koffi (an optional dependency). Where koffi does not load, `native` is `undefined` and what cannot be
done without it is said in the result of the backup or restore. Only x86-64 and arm64 Linux with glibc or musl are probed for.
*/
import {Buffer} from 'node:buffer';
import {createRequire} from 'node:module';
import process from 'node:process';
import {isMainThread} from 'node:worker_threads';
import type {RawPath} from '../domain/raw-name.ts';
import {leaveBy} from './leave.ts';

export class SystemCallError extends Error {
	override readonly name = 'SystemCallError';
	readonly code: string;
	readonly errno: number;

	constructor(call: string, errno: number) {
		super(`${call} failed: ${nameOfErrno(errno)}`);
		this.code = nameOfErrno(errno);
		this.errno = errno;
	}
}

export type Native = {
	/** @returns false when another open file description holds the lock. */
	tryLockExclusive(fd: number): boolean;
	/** Gives the calling thread a working folder of its own; bare names are then relative to what `enter` was last given. */
	detachWorkingFolder(): boolean;
	enter(fd: number): void;
	/** Names of the extended attributes of what `path` names itself (links are not followed). */
	listAttributes(path: RawPath): RawPath[];
	getAttribute(path: RawPath, name: RawPath): Uint8Array | undefined;
	/** The same, of an open file. */
	listAttributesOf(fd: number): RawPath[];
	getAttributeOf(fd: number, name: RawPath): Uint8Array | undefined;
	setAttribute(path: RawPath, name: RawPath, value: Uint8Array): void;
	setAttributeOf(fd: number, name: RawPath, value: Uint8Array): void;
	removeAttributeOf(fd: number, name: RawPath): void;
	/** Sets access and modification time to the nanosecond; links are not followed. */
	setTimes(path: RawPath, modifiedNs: bigint): void;
	setTimesOf(fd: number, modifiedNs: bigint): void;
	makeNode(path: RawPath, mode: number, device: bigint): void;
	/** The next offset at or after `offset` that holds data, or -1 when only a hole is left. */
	seekData(fd: number, offset: number): number;
	seekHole(fd: number, offset: number): number;
	/** Flushes the file system that holds `fd`. */
	syncFileSystem(fd: number): void;
	/** Of a thread. */
	setIoClassIdle(thread: number): void;
	/** Ends the process with nothing but this. */
	exitNow(code: number): void;
	/** However this process ends, its memory is not written down. */
	forbidCoreDumps(): void;
};

const nanosecondsPerSecond = 1_000_000_000n;
const CLONE_FS = 0x2_00;
const LOCK_EX = 2;
const LOCK_NB = 4;
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x1_00;
const SEEK_DATA = 3;
const SEEK_HOLE = 4;
const ENXIO = 6;
const EAGAIN = 11;
const ENODATA = 61;
const EOPNOTSUPP = 95;
const ENOSYS = 38;
const IOPRIO_CLASS_IDLE = 3 << 13;
const IOPRIO_WHO_PROCESS = 1;
const PR_SET_DUMPABLE = 4;

const errnoNames: Readonly<Record<number, string>> = {
	1: 'EPERM',
	2: 'ENOENT',
	4: 'EINTR',
	5: 'EIO',
	6: 'ENXIO',
	9: 'EBADF',
	11: 'EAGAIN',
	12: 'ENOMEM',
	13: 'EACCES',
	17: 'EEXIST',
	20: 'ENOTDIR',
	22: 'EINVAL',
	27: 'EFBIG',
	28: 'ENOSPC',
	30: 'EROFS',
	34: 'ERANGE',
	36: 'ENAMETOOLONG',
	38: 'ENOSYS',
	40: 'ELOOP',
	61: 'ENODATA',
	95: 'EOPNOTSUPP',
	122: 'EDQUOT',
};

const nameOfErrno = (errno: number): string => errnoNames[errno] ?? `errno ${errno}`;

const load = (): Native | undefined => {
	if (process.platform !== 'linux') {
		return undefined;
	}

	try {
		return bind(createRequire(import.meta.url)('koffi') as Koffi);
	} catch {
		// The probe's whole point: no koffi, or no C library it can open, is a capability that is absent. `doctor` reports it.
		return undefined;
	}
};

type Call = (...values: unknown[]) => number;
type Koffi = {
	load(name: string | null): {func(prototype: string): Call};
	errno(): number;
};

const bind = (koffi: Koffi): Native => {
	const library = koffi.load(null);
	const flock = library.func('int flock(int fd, int operation)');
	const unshare = library.func('int unshare(int flags)');
	const fchdir = library.func('int fchdir(int fd)');
	const llistxattr = library.func('long llistxattr(const void *path, void *list, size_t size)');
	const lgetxattr = library.func('long lgetxattr(const void *path, const void *name, void *value, size_t size)');
	const flistxattr = library.func('long flistxattr(int fd, void *list, size_t size)');
	const fgetxattr = library.func('long fgetxattr(int fd, const void *name, void *value, size_t size)');
	const lsetxattr = library.func('int lsetxattr(const void *path, const void *name, const void *value, size_t size, int flags)');
	const fsetxattr = library.func('int fsetxattr(int fd, const void *name, const void *value, size_t size, int flags)');
	const fremovexattr = library.func('int fremovexattr(int fd, const void *name)');
	const futimens = library.func('int futimens(int fd, const void *times)');
	const utimensat = library.func('int utimensat(int fd, const void *path, const void *times, int flags)');
	const mknod = library.func('int mknod(const void *path, uint32_t mode, uint64_t device)');
	const lseek = library.func('int64_t lseek(int fd, int64_t offset, int whence)') as (...values: unknown[]) => number | bigint;
	const syncfs = library.func('int syncfs(int fd)');
	const prctl = library.func('int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)');
	const exit = library.func('void _exit(int code)') as (code: number) => unknown;
	const syscall = library.func('long syscall(long number, long a, long b, long c)');

	const pathBuffer = new PathBuffer();
	const nameBuffer = new PathBuffer();
	const times = new BigInt64Array(4);
	const values = Buffer.alloc(65_536);
	/** A call takes no pointer to nothing. */
	const pointerTo = (value: Uint8Array): Uint8Array => value.length === 0 ? values : value;

	const timesOf = (ns: bigint): BigInt64Array => {
		const nanoseconds = ((ns % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond;
		const seconds = (ns - nanoseconds) / nanosecondsPerSecond;
		times.set([seconds, nanoseconds, seconds, nanoseconds]);
		return times;
	};

	const check = (result: number, call: string): number => {
		if (result < 0) {
			throw new SystemCallError(call, koffi.errno());
		}

		return result;
	};

	const namesFrom = (length: number, call: string): RawPath[] => {
		if (length >= 0) {
			return length === 0 ? [] : values.toString('latin1', 0, length - 1).split('\0');
		}

		const errno = koffi.errno();

		// A file system without extended attributes has none.
		if (errno === EOPNOTSUPP || errno === ENOSYS) {
			return [];
		}

		throw new SystemCallError(call, errno);
	};

	const valueFrom = (length: number, call: string): Uint8Array | undefined => {
		if (length >= 0) {
			return new Uint8Array(values.subarray(0, length));
		}

		const errno = koffi.errno();

		if (errno === ENODATA) {
			return undefined;
		}

		throw new SystemCallError(call, errno);
	};

	const seek = (fd: number, offset: number, whence: number): number => {
		const result = lseek(fd, offset, whence);

		return result < 0 && koffi.errno() === ENXIO ? -1 : check(Number(result), 'lseek');
	};

	return {
		tryLockExclusive(fd) {
			if (flock(fd, LOCK_EX | LOCK_NB) === 0) {
				return true;
			}

			if (koffi.errno() === EAGAIN) {
				return false;
			}

			throw new SystemCallError('flock', koffi.errno());
		},
		detachWorkingFolder: () => unshare(CLONE_FS) === 0,
		enter(fd) {
			check(fchdir(fd), 'fchdir');
		},
		listAttributes: path => namesFrom(llistxattr(pathBuffer.of(path), values, values.length), 'llistxattr'),
		getAttribute: (path, name) => valueFrom(lgetxattr(pathBuffer.of(path), nameBuffer.of(name), values, values.length), 'lgetxattr'),
		listAttributesOf: fd => namesFrom(flistxattr(fd, values, values.length), 'flistxattr'),
		getAttributeOf: (fd, name) => valueFrom(fgetxattr(fd, nameBuffer.of(name), values, values.length), 'fgetxattr'),
		setAttribute(path, name, value) {
			check(lsetxattr(pathBuffer.of(path), nameBuffer.of(name), pointerTo(value), value.length, 0), 'lsetxattr');
		},
		setAttributeOf(fd, name, value) {
			check(fsetxattr(fd, nameBuffer.of(name), pointerTo(value), value.length, 0), 'fsetxattr');
		},
		removeAttributeOf(fd, name) {
			check(fremovexattr(fd, nameBuffer.of(name)), 'fremovexattr');
		},
		setTimes(path, modifiedNs) {
			check(utimensat(AT_FDCWD, pathBuffer.of(path), timesOf(modifiedNs), AT_SYMLINK_NOFOLLOW), 'utimensat');
		},
		setTimesOf(fd, modifiedNs) {
			check(futimens(fd, timesOf(modifiedNs)), 'futimens');
		},
		makeNode(path, mode, device) {
			check(mknod(pathBuffer.of(path), mode, device), 'mknod');
		},
		seekData: (fd, offset) => seek(fd, offset, SEEK_DATA),
		seekHole: (fd, offset) => seek(fd, offset, SEEK_HOLE),
		syncFileSystem(fd) {
			check(syncfs(fd), 'syncfs');
		},
		setIoClassIdle(thread) {
			check(syscall(process.arch === 'arm64' ? 30 : 251, IOPRIO_WHO_PROCESS, thread, IOPRIO_CLASS_IDLE), 'ioprio_set');
		},
		exitNow(code) {
			exit(code);
		},
		forbidCoreDumps() {
			check(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), 'prctl');
		},
	};
};

/** A reused buffer that holds one path as the NUL-terminated bytes a system call takes. */
class PathBuffer {
	#bytes = Buffer.alloc(8192);

	of(path: RawPath): Buffer {
		if (path.length >= this.#bytes.length) {
			this.#bytes = Buffer.alloc(path.length * 2);
		}

		this.#bytes[this.#bytes.write(path, 'latin1')] = 0;
		return this.#bytes;
	}
}

export const native = load();

if (native && isMainThread) {
	leaveBy(code => {
		native.exitNow(code);
	});
}
