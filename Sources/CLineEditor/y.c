#include "y.h"
#include <stdio.h>
#include <readline/readline.h>
int y(void){return rl_end;}
