import {useInterface} from './interface.ts';
import {useSession} from './session.ts';

/** Copies a command and says so. */
export const useCopy = (): ((command: string) => void) => {
	const {copy} = useSession();
	const {notify} = useInterface();

	return command => {
		copy(command);
		notify({text: 'The command is copied, and printed again after quitting.', tone: 'good'});
	};
};
