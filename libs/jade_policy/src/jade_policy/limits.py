"""How large a manifest may be before Jade refuses to read it."""

MAX_DOCUMENT_BYTES = 1024 * 1024  # etcd refuses objects above 1.5 MiB, so no real manifest is larger
MAX_DEPTH = 64  # the deepest of 2,911 real documents has 21 levels; parsers crash from some hundreds on
MAX_ALIAS_NODES = 50_000  # 350 bytes of nested aliases expand to 254 MB of JSON
MAX_DOCUMENTS_PER_FILE = 10_000  # a file is read document by document; this bounds the answer, not the memory
