import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';

export const digestLength = 32;

/** SHA-256. By way of a string the digest lies among others in a shared slab; asked for as a buffer, each would get memory of its own, which is slower and falls to pieces by the million. */
export const digestOf = (bytes: Uint8Array): Buffer => {
	const digest = Buffer.allocUnsafe(digestLength);
	digest.write(hash('sha256', bytes, 'binary'), 'latin1');

	return digest;
};
