#include "roost_internal.h"
void roost_open_patterns(lua_State *L){(void)L;}
void roost_open_bounded(lua_State *L){(void)L;}
