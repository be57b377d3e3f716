import type {RawPath} from '../../domain/raw-name.ts';
import {native} from '../../system/native.ts';
import type {StoredAttribute} from './catalog-page.ts';

/** What is worth keeping of extended attributes: all but what the kernel makes itself. */
export const attributesOf = (names: readonly RawPath[], get: (name: RawPath) => Uint8Array | undefined): StoredAttribute[] => {
	const kept: StoredAttribute[] = [];

	for (const name of names.toSorted()) {
		const value = name === 'security.selinux' ? undefined : get(name);

		if (value) {
			kept.push({name, value});
		}
	}

	return kept;
};

/** Those of an open file, or why they cannot be read. */
export const readAttributes = (fd: number): {attributes: StoredAttribute[]; attributesError: string | undefined} => {
	try {
		return {attributes: attributesOf(native?.listAttributesOf(fd) ?? [], name => native!.getAttributeOf(fd, name)), attributesError: undefined};
	} catch (error) {
		return {attributes: [], attributesError: (error as Error).message};
	}
};
