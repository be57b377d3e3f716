import {Buffer} from 'node:buffer';
import {
	randomBytes,
	scrypt,
	timingSafeEqual,
	type ScryptOptions,
} from 'node:crypto';
import type {PasswordHash} from '../domain/user.ts';

const cost = 2 ** 16;
const blockSize = 8;
const parallelization = 2;
const hashLength = 32;
const saltLength = 16;

export const hashPassword = async (password: string): Promise<PasswordHash> => {
	const salt = randomBytes(saltLength);
	const parameters = {cost, blockSize, parallelization} as const;
	const hash = await derive(password, {salt, length: hashLength, ...parameters});

	return {
		algorithm: 'scrypt', ...parameters, salt: salt.toString('base64'), hash: hash.toString('base64'),
	};
};

/** Compares in constant time. Without a hash (there is no such user) it takes as long, and the answer is no. */
export const isPassword = async (password: string, known: PasswordHash | undefined): Promise<boolean> => {
	const {salt, hash, ...parameters} = known ?? absent;
	const expected = Buffer.from(hash, 'base64');
	const derived = await derive(password, {salt: Buffer.from(salt, 'base64'), length: expected.length, ...parameters});

	return timingSafeEqual(derived, expected) && known !== undefined;
};

const absent: PasswordHash = {
	algorithm: 'scrypt', cost, blockSize, parallelization, salt: Buffer.alloc(saltLength).toString('base64'), hash: Buffer.alloc(hashLength).toString('base64'),
};

type Derivation = Pick<PasswordHash, 'cost' | 'blockSize' | 'parallelization'> & {readonly salt: Buffer; readonly length: number};

const derive = async (password: string, {salt, length, ...parameters}: Derivation): Promise<Buffer> => {
	// Node refuses above 32 MiB unless told.
	const options: ScryptOptions = {
		cost: parameters.cost,
		blockSize: parameters.blockSize,
		parallelization: parameters.parallelization,
		maxmem: 256 * parameters.cost * parameters.blockSize,
	};

	return new Promise((resolve, reject) => {
		scrypt(password, salt, length, options, (error, key) => {
			if (error) {
				reject(error);
			} else {
				resolve(key);
			}
		});
	});
};
