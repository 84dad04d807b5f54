"""The stages of a run as a LangGraph graph, and the agent that asks through it."""
