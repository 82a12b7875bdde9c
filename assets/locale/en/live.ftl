### live
