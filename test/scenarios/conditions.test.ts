import test from 'ava';
import {setUpServer} from '../set-up.ts';

type Condition = {readonly id: string; readonly text: string};

test('every restore condition must be accepted by its id, as it reads now, and it is recorded who did', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {'a.txt': 'first\n'});
	const made = await server.task(['backup', 'create', 'alice']);
	const first = await server.json<Condition>(['condition', 'create', 'The owner was told.']);
	const second = await server.json<Condition>(['condition', 'create', 'Nobody works on the site.']);
	const refused = await server.run('restore', made.backup!, '--accept', first.id, '--yes');
	t.is(refused.code, 4);
	t.true(refused.stderr.includes(second.id), refused.stderr);
	const unknown = await server.run('restore', made.backup!, '--accept', 'zzzzzzzz', '--yes');
	t.is(unknown.code, 5);

	await server.task(['restore', made.backup!, '--accept', `${first.id},${second.id.slice(0, 8)}`, '--yes']);
	const {uuid} = await server.json<{uuid: string}>(['account', 'show', 'alice']);
	const {tasks} = await server.context.store.read('tasks', uuid);
	const restore = tasks.map(({request}) => request).find(request => request.kind === 'restore');
	t.deepEqual(restore?.restore.accepted?.map(({id, text, acceptedBy}) => [id, text, acceptedBy]), [[first.id, first.text, 'root'], [second.id, second.text, 'root']]);

	await server.json(['condition', 'set', first.id, '--text', 'The owner has agreed in writing.']);
	await server.json(['condition', 'delete', second.id]);
	const {conditions} = await server.json<{conditions: readonly Condition[]}>(['condition', 'list']);
	t.deepEqual(conditions, [{id: first.id, text: 'The owner has agreed in writing.'}]);
});
