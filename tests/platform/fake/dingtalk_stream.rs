//! DingTalk's end of Stream mode, on loopback.
