/** Why a part could not be put back, with what would help where that is known. */
export const describeFailure = (error: unknown): string => {
	const {code, message} = error as NodeJS.ErrnoException;

	if (code === 'ENOSPC') {
		return 'no space is left where it goes; make room there, and restore it again';
	}

	return code === 'EDQUOT' ? 'the quota of its owner is used up where it goes; raise it, and restore it again' : message;
};
