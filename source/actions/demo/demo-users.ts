import type {Role} from '../../domain/user.ts';
import type {RightsChange} from '../../domain/rights-change.ts';
import type {Context} from '../context.ts';
import {saveRights} from '../rights.ts';
import {createUser} from '../users.ts';
import type {DemoMachine} from './demo-machine.ts';

export type DemoUser = {readonly name: string; readonly role: Role};

/** One of each role; uma may have the site of alice but for its configuration, and her mail. */
export const demoUsers: readonly DemoUser[] = [
	{name: 'ada', role: 'administrator'},
	{name: 'otto', role: 'operator'},
	{name: 'uma', role: 'user'},
];

/** Of all of them. */
export const demoPassword = 'demo';

export const makeUsers = async (context: Context, machine: DemoMachine): Promise<void> => {
	for (const {name, role} of demoUsers) {
		await createUser(context, {
			name, role, email: `${name}@example.com`, password: demoPassword,
		});
	}

	const site = `demo!file:${machine.home('alice')}/public_html`;
	const changes: readonly RightsChange[] = [
		{type: 'added', path: site, effect: 'allow'},
		{type: 'added', path: `${site}/wp-config.php`, effect: 'deny'},
		{type: 'added', path: 'demo!mail:/alice', effect: 'allow'},
	];
	await saveRights(context, 'uma', changes);
};
