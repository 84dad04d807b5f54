"""Reading a question in English or German without a language model: words, times, things, and what is asked of them."""
