import {Buffer} from 'node:buffer';
import {
	closeSync,
	constants,
	fstatSync,
	readSync,
} from 'node:fs';
import type {CopyPlace} from './copy-file.ts';

const first = Buffer.allocUnsafeSlow(1 << 18);
const second = Buffer.allocUnsafeSlow(1 << 18);

/** Whether two regular files hold the same. */
export const isSameContent = (one: CopyPlace, other: CopyPlace): boolean => withFile(one, left => withFile(other, right => {
	const {size} = fstatSync(left);

	if (!fstatSync(right).isFile() || fstatSync(right).size !== size) {
		return false;
	}

	for (let position = 0; position < size; position += first.length) {
		const length = Math.min(first.length, size - position);

		if (readSync(left, first, 0, length, position) !== length || readSync(right, second, 0, length, position) !== length || first.compare(second, 0, length, 0, length) !== 0) {
			return false;
		}
	}

	return true;
}));

const withFile = <Result>({folder, name}: CopyPlace, work: (fd: number) => Result): Result => {
	const fd = folder.openFile(name, constants.O_RDONLY | constants.O_NONBLOCK);

	try {
		return work(fd);
	} finally {
		closeSync(fd);
	}
};
