import type {AccountView} from '../../../domain/account-view.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {showName} from '../../look/name.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useReload} from '../../tasks/task-feed.tsx';

/** Asks for the notification address; the change can be undone. */
export const useEmailChange = (account: AccountView | undefined): Handler => {
	const {data, isReadOnly} = useSession();
	const {askText, notify} = useInterface();
	const reload = useReload();
	const act = useAct();

	if (isReadOnly) {
		return 'Holdfast was started read-only.';
	}

	if (account === undefined) {
		return 'The account is still being read.';
	}

	const set = async (email: string | null) => {
		await data.setAccount(account.uuid, {email});
		reload();
	};

	return () => {
		act(async () => {
			const text = await askText({
				title: `Email of ${showName(account.name)}`,
				hint: 'Where the owner is told about backups and restores. Empty: nobody is told.',
				text: account.email ?? '',
				check: typed => typed === '' || /^[^\s@]+@[^\s@]+$/v.test(typed) ? undefined : 'This is no mail address.',
			});

			if (text === undefined || text === (account.email ?? '')) {
				return;
			}

			await set(text === '' ? null : text);
			notify({
				text: text === '' ? 'The address was removed.' : `The address is ${text} now.`,
				tone: 'good',
				undo() {
					act(async () => {
						await set(account.email);
						notify({text: 'The address is as it was.', tone: 'good'});
					});
				},
			});
		});
	};
};
