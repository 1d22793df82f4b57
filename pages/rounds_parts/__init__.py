"""What the rounds page is made of: form, job, result, saved plans."""
