/** One plain address: nothing that a header or a mail program could read as more than that. */
export const isMailAddress = (text: string): boolean => /^(?!-)[^\s\p{Control}"\(\),:;<=>@\[\\\]]+@[^\s\p{Control}"\(\),:;<=>@\[\\\]]+$/v.test(text);
