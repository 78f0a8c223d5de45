/** Where the window's page lives: a scheme of our own, so that the page has an origin and no file is ever its neighbour. */
export const appScheme = 'app';
export const appOrigin = 'app://lockkeeper';
