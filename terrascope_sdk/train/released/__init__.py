"""Fine-tuning of the released network on Terra-CoT samples: the paper's two stages."""
