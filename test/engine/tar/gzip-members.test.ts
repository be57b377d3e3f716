import {Buffer} from 'node:buffer';
import process from 'node:process';
import test from 'ava';
import {makeMember, openMember} from '../../../source/engine/tar/gzip-members.ts';

test('a member that unpacks to more than it says is refused before memory is taken for it', t => {
	const member = Buffer.from(makeMember(Buffer.alloc(64 << 20)));
	t.true(member.length < 1 << 20);
	member.writeUInt32LE(100, member.length - 4);
	const before = process.memoryUsage().external;
	t.throws(() => openMember(member), {message: /does not unpack/v});
	t.true(process.memoryUsage().external - before < 16 << 20);
});

test('a member that unpacks to less than it says is damaged', t => {
	const member = Buffer.from(makeMember(Buffer.from('short')));
	member.writeUInt32LE(4096, member.length - 4);
	t.throws(() => openMember(member), {message: /does not hold what its checksum says/v});
});
