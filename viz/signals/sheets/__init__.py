"""Parts of a page, as HTML: what an engineer wants on paper of one signal, a corridor, a change, a gain."""
