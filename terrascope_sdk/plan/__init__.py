"""From a question to an answer: the plan, who writes it, and the stages that carry it out."""
