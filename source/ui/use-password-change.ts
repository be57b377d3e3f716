import {checkPassword} from '../domain/user.ts';
import {problemOf} from './fields/problem-of.ts';
import {useInterface, type Interface} from './interface.ts';
import {useSession} from './session.ts';
import {useAct} from './use-act.ts';

/** Asks for the old password and twice for a new one. */
export const usePasswordChange = (): ((name: string) => void) => {
	const {data} = useSession();
	const {askText, notify} = useInterface();
	const act = useAct();

	return name => {
		act(async () => {
			const oldPassword = await askText({
				title: `Password of ${name} today`, hint: 'Nobody changes a password without it; who forgot it is deleted and made again.', text: '', isSecret: true,
			});
			const password = oldPassword === undefined ? undefined : await askNewPassword(askText, name);

			if (oldPassword === undefined || password === undefined) {
				return;
			}

			await data.changePassword(name, {oldPassword, password});
			notify({text: `The password of ${name} is changed.`, tone: 'good'});
		});
	};
};

/** A new password, typed twice; `undefined` when cancelled. */
export const askNewPassword = async (askText: Interface['askText'], name: string): Promise<string | undefined> => {
	const password = await askText({
		title: `New password of ${name}`, hint: 'At least one character that is no space.', text: '', isSecret: true, check: problemOf(checkPassword),
	});

	if (password === undefined) {
		return undefined;
	}

	return askText({
		title: `New password of ${name}, again`, hint: 'The same once more.', text: '', isSecret: true, check: text => text === password ? undefined : 'The two differ.',
	});
};
