/** One of several processes that change the same state: argv is the directory, an account UUID, a name of its own, and how often. */
import process from 'node:process';
import {openStore} from '../../source/state/open-store.ts';
import {newIdentifier} from '../../source/system/new-identifier.ts';

const [directory, uuid, name, rounds] = process.argv.slice(2) as [string, string, string, string];
const store = await openStore({directory, isReadOnly: false});

for (let round = 0; round < Number(rounds); round++) {
	await store.update('settings', undefined, draft => {
		draft.values.total = Number(draft.values.total ?? 0) + 1;
		draft.values[name] = round + 1;
	});
	await store.update('accounts', undefined, draft => {
		draft.identities = draft.identities.map(identity => ({...identity, tags: [...identity.tags, `${name}-${round}`]}));
	});
	await store.update('tasks', uuid, draft => {
		draft.tasks.push({
			id: newIdentifier(),
			kind: 'backup',
			account: name,
			accountUuid: uuid,
			state: 'pending',
			priority: null,
			queuedAt: new Date().toISOString(),
			startedAt: null,
			endedAt: null,
			requestedBy: 'root',
			request: {
				kind: 'backup', backupKind: 'manual', job: null, schedules: [], items: ['homedir'],
			},
			items: [],
			backup: null,
			download: null,
			safetyBackup: null,
			summary: null,
			findings: [],
			error: null,
		});
	});
}
