import {readdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readVaultId} from '../../../source/engine/vault/unlock-vault.ts';
import {openVault} from '../../../source/engine/vault/vault.ts';
import {createFixture} from '../fixture.ts';

test('facts of a vault that are no facts are damage, not a crash', async t => {
	const {vault} = await createFixture(t);

	for (const text of ['null', '[]', '"text"', '{}', '{"format": "holdfast-vault"}', '{"id": 7, "format": "holdfast-vault", "version": 1}', '{"id":']) {
		writeFileSync(path.join(vault.folder, 'vault.json'), text);
		t.throws(() => readVaultId(vault.folder), {name: 'UserError', message: /is damaged/v}, `of ${text}`);
		await t.throwsAsync(openVault(vault), {name: 'UserError', message: /is damaged/v}, `of ${text}`);
	}
});

test('a vault that does not open leaves nothing open', async t => {
	const {vault} = await createFixture(t);
	const openFiles = (): number => readdirSync('/proc/self/fd').length;
	const before = openFiles();

	for (let attempt = 0; attempt < 50; attempt++) {
		await t.throwsAsync(openVault({...vault, masterKey: new Uint8Array(32)}), {message: /does not open/v});
	}

	t.true(openFiles() < before + 10);
});
