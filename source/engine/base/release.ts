import type {Buffer} from 'node:buffer';

/** Far above the size of the slabs that small buffers share. */
const minLength = 128 << 10;

/** Gives a large buffer's memory back at once, not when the collector comes to it; it must not be used any more, nor any view of it. */
export const release = ({buffer}: Buffer): void => {
	if (buffer instanceof ArrayBuffer && buffer.byteLength >= minLength) {
		buffer.transfer(0);
	}
};
