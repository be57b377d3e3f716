/** A certificate that signs itself, as the sandbox needs it to look real: written by hand, as Node makes none. */
import {Buffer} from 'node:buffer';
import {generateKeyPairSync, randomBytes, sign} from 'node:crypto';

export type DemoCertificate = {readonly certificate: string; readonly key: string};

const dayMs = 86_400_000;

export const makeCertificate = (domain: string, from: Date): DemoCertificate => {
	const {publicKey, privateKey} = generateKeyPairSync('ec', {namedCurve: 'prime256v1'});
	const commonName = sequence(oid('550403'), tagged(0x0C, Buffer.from(domain)));
	const name = sequence(set(commonName));
	const algorithm = sequence(oid('2a8648ce3d040302'));
	const version = tagged(0x02, Buffer.from([2]));
	const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
	const until = new Date(from.getTime() + (90 * dayMs));
	const alternativeNames = sequence(...[domain, `www.${domain}`].map(each => tagged(0x82, Buffer.from(each))));
	const extension = sequence(oid('551d11'), tagged(0x04, alternativeNames));
	const extensions = sequence(extension);
	const toSign = sequence(
		tagged(0xA0, version),
		tagged(0x02, serial),
		algorithm,
		name,
		sequence(time(from), time(until)),
		name,
		publicKey.export({type: 'spki', format: 'der'}),
		tagged(0xA3, extensions),
	);
	const signature = Buffer.concat([Buffer.from([0]), sign('sha256', toSign, privateKey)]);
	const der = sequence(toSign, algorithm, tagged(0x03, signature));
	const lines = der.toString('base64').match(/.{1,64}/gv)!.join('\n');

	return {certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`, key: privateKey.export({type: 'pkcs8', format: 'pem'}).toString()};
};

const tagged = (tag: number, content: Buffer): Buffer => {
	const {length} = content;
	const size = length < 0x80 ? [length] : (length < 0x1_00 ? [0x81, length] : [0x82, Math.trunc(length / 0x1_00), length % 0x1_00]);

	return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));

const set = (part: Buffer): Buffer => tagged(0x31, part);

const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));

const time = (date: Date): Buffer => tagged(0x17, Buffer.from(`${date.toISOString().replaceAll(/[\-:T]/gv, '').slice(2, 14)}Z`));
