"""Why a plan is what it is: what would serve a stop left out, and what each rule costs."""
