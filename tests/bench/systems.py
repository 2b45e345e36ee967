"""What finds an article for a question: our search, and what one would take instead. Each is made for a library."""

import sqlite3
from collections.abc import Callable, Mapping

from kb.library import Library
from kb.search import Search
from kb.text import stem, words

Found = tuple[str, float]  # the best article, and how well it fits; the scores of two systems cannot be compared
Ask = Callable[[str], Found]


def _ours(library: Library, *, by_words: bool) -> Ask:
    search = Search(library, by_words=by_words)

    def ask(question: str) -> Found:
        best = search.ask(question).candidates
        return (best[0].article, best[0].confidence) if best else ("", 0.0)

    return ask


def _rapidfuzz(library: Library) -> Ask:
    from rapidfuzz import fuzz, process
    from rapidfuzz.utils import default_process

    pairs = [(default_process(text), slug) for slug, one in library.articles.items() for text in one.questions]
    texts = [text for text, _ in pairs]

    def ask(question: str) -> Found:
        _, score, place = process.extract(default_process(question), texts, scorer=fuzz.token_set_ratio, limit=1)[0]
        return pairs[place][1], score

    return ask


def _rank_bm25(library: Library) -> Ask:
    from rank_bm25 import BM25Okapi

    slugs, index = list(library.articles), BM25Okapi(list(_documents(library)))

    def ask(question: str) -> Found:
        scores = index.get_scores(_stems(question))
        best = int(scores.argmax())
        return slugs[best], float(scores[best])

    return ask


def _bm25s(library: Library) -> Ask:
    import bm25s

    slugs, index = list(library.articles), bm25s.BM25()
    index.index(list(_documents(library)), show_progress=False)

    def ask(question: str) -> Found:
        known = [word for word in _stems(question) if word in index.vocab_dict]
        if not known:
            return "", 0.0
        scores = index.get_scores(known)
        best = int(scores.argmax())
        return slugs[best], float(scores[best])

    return ask


def _fts5(library: Library) -> Ask:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE article USING fts5(slug UNINDEXED, text, tokenize='porter unicode61')")
    rows = ((slug, "\n".join(one.questions)) for slug, one in library.articles.items())
    base.executemany("INSERT INTO article VALUES (?, ?)", rows)

    def ask(question: str) -> Found:
        asked = " OR ".join(f'"{word}"' for word in words(question)) or '""'
        query = "SELECT slug, -rank FROM article WHERE article MATCH ? ORDER BY rank LIMIT 1"
        return base.execute(query, (asked,)).fetchone() or ("", 0.0)

    return ask


def _tantivy(library: Library) -> Ask:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("slug", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for slug, one in library.articles.items():
        writer.add_document(tantivy.Document(slug=slug, text="\n".join(one.questions)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(question: str) -> Found:
        hits = searcher.search(index.parse_query(" ".join(words(question)) or "nothing", ["text"]), 1).hits
        return (str(searcher.doc(hits[0][1])["slug"][0]), hits[0][0]) if hits else ("", 0.0)

    return ask


def _documents(library: Library) -> list[list[str]]:
    """One an article: that finds more than one a phrasing."""
    return [_stems("\n".join(one.questions)) for one in library.articles.values()]


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


SYSTEMS: Mapping[str, Callable[[Library], Ask]] = {
    "kb.search": lambda library: _ours(library, by_words=False),
    "kb.search by words": lambda library: _ours(library, by_words=True),
    "rapidfuzz": _rapidfuzz,
    "rank_bm25": _rank_bm25,
    "bm25s": _bm25s,
    "FTS5": _fts5,
    "tantivy": _tantivy,
}
