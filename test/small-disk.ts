import {execFileSync} from 'node:child_process';
import {mkdirSync, statfsSync, writeFileSync} from 'node:fs';

/** A file system of its own at a folder, which is made; `size` as mount(8) takes it, and more options after a comma. */
export const mountSmall = (t: {teardown(clean: () => void): void}, folder: string, size: string): void => {
	mkdirSync(folder, {recursive: true});
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
	t.teardown(() => {
		execFileSync('umount', [folder]);
	});
};

/** Leaves no more room than `left` bytes. */
export const fillDisk = (folder: string, left: number): void => {
	const {bavail, bsize} = statfsSync(folder);
	writeFileSync(`${folder}/filler`, new Uint8Array((bavail * bsize) - left));
};
