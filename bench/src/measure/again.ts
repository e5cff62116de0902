/** How the name of the same ends where it is measured once more: how far it is from itself is the noise. */
export const AGAIN = ', again';
