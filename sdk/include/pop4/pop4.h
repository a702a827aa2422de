/* Everything a plugin includes. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/account.h>
#include <pop4/authenticator.h>
#include <pop4/body.h>
#include <pop4/command.h>
#include <pop4/directory.h>
#include <pop4/error.h>
#include <pop4/folders.h>
#include <pop4/identity.h>
#include <pop4/log.h>
#include <pop4/maildrop-folders.h>
#include <pop4/maildrop.h>
#include <pop4/network.h>
#include <pop4/plugin.h>
#include <pop4/reply.h>
#include <pop4/server.h>
#include <pop4/session.h>
#include <pop4/setting.h>
#include <pop4/store.h>
#include <pop4/submission.h>
#include <pop4/suspend.h>
#include <pop4/tls.h>
